; The installer for Windows, for Inno Setup 6.3 or newer. `python -m release packages` runs its compiler, and passes
; the program's details as options: ISCC /DTitle=Inkling /DVersion=0.1.0 ... inkling.iss
;
; It installs for one account, without administrator rights. Removing it leaves only what the user has made.

[Setup]
AppId={#Identifier}
AppName={#Title}
AppVersion={#Version}
AppVerName={#Title} {#Version}
AppPublisher={#Publisher}
AppComments={#Description}
VersionInfoVersion={#Numbers}
DefaultDirName={autopf}\{#Title}
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
ArchitecturesAllowed={#Architecture}
ArchitecturesInstallIn64BitMode={#Architecture}
MinVersion=10.0
ChangesAssociations=yes
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\{#Program}.exe
WizardStyle=modern
Compression=lzma2/max
SolidCompression=yes
OutputDir={#Output}
OutputBaseFilename={#Name}

[InstallDelete]
; Otherwise an older version's libraries would stay among the new ones.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{autoprograms}\{#Title}"; Filename: "{app}\{#Program}.exe"; Comment: "{#Description}"

[Registry]
; Ink has its own file name extension, which this program opens. (.json belongs to everybody, and is left alone.)
Root: HKA; Subkey: "Software\Classes\{#Ending}"; ValueType: string; ValueData: "{#Identifier}.ink"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\{#Ending}"; ValueType: string; ValueName: "Content Type"; ValueData: "{#Type}"
Root: HKA; Subkey: "Software\Classes\{#Identifier}.ink"; ValueType: string; ValueData: "{#TypeName}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\{#Identifier}.ink\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Program}.exe,0"
Root: HKA; Subkey: "Software\Classes\{#Identifier}.ink\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}.exe"" ""%1"""

; Pictures still open with the programs that they have; "Open with" also lists this one.
Root: HKA; Subkey: "Software\Classes\Applications"; Flags: uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\Applications\{#Program}.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "{#Title}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\{#Program}.exe\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}.exe"" ""%1"""
#define Rest Pictures + ";"
#sub AddPicture
Root: HKA; Subkey: "Software\Classes\Applications\{#Program}.exe\SupportedTypes"; ValueType: string; ValueName: "{#Copy(Rest, 1, Pos(";", Rest) - 1)}"
#expr Rest = Copy(Rest, Pos(";", Rest) + 1)
#endsub
#for {0; Len(Rest) > 0; 0} AddPicture

[Run]
Filename: "{app}\{#Program}.exe"; Description: "{cm:LaunchProgram,{#Title}}"; Flags: nowait postinstall skipifsilent

[Code]
procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if (Step = usPostUninstall) and not UninstallSilent then
    MsgBox('Your drawings, settings and models are kept in ' + ExpandConstant('{localappdata}\{#Title}') +
      '. Delete that folder to be rid of them too.', mbInformation, MB_OK);
end;
