using System.CommandLine;

namespace CleanRoom.Cli.Hosting;

/// <summary>The options that verbs share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json { get; } = new("--json") { Description = "Prints one JSON object instead of words." };

    public static Option<DirectoryInfo?> Profile { get; } = new("--profile")
    {
        Description = "Where keys and memory are kept. Default: cleanroom in the user's configuration directory.",
    };

    public static Option<FileInfo?> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "A file with the passphrase of the keys. Without it the terminal is asked.",
    };

    public static Option<string?> As { get; } = new("--as") { Description = "Who acts: COLLABORATOR/MEMBER. May be left out when the profile has one." };

    public static Option<string?> Room { get; } = new("--room")
    {
        Description = "The collaboration's id, or its beginning. May be left out when the profile knows one.",
    };

    public static Option<string?> Url { get; } = new("--url") { Description = "Where the room answers now, if it has moved." };

    /// <summary>Gets the options of a verb that acts in a room.</summary>
    public static Option[] Acting => [As, Room, Url, PassphraseFile];
}
