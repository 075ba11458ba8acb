cask "@{program}" do
  version "@{version}"
  sha256 "@{macos_sha256}"

  url "@{downloads}/@{macos}"
  name "@{title}"
  desc "@{summary}"
  homepage "@{address}"

  depends_on arch: :arm64

  app "@{title}.app"
  binary "#{appdir}/@{title}.app/Contents/MacOS/@{command_line}"

  zap trash: [
    "~/Library/Application Support/@{title}",
    "~/Library/Logs/@{title}",
  ]
end
