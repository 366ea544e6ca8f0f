using System.Collections.Immutable;
using CleanRoom.Client.Members;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Profiles;

/// <summary>Where a person's keys and memory are: <c>keys/COLLABORATOR/</c> and <c>rooms/COLLABORATION/</c>; and what was fetched: <c>endorsements/</c>.</summary>
internal sealed class ProfileDirectory(string root)
{
    private const string RootKey = "root.key";
    private const string MemberPrefix = "member.";
    private const string KeySuffix = ".key";

    /// <summary>Gets the folder of endorsements that were fetched. Nothing in it is believed.</summary>
    public string EndorsementCache => Path.Combine(root, "endorsements");

    private string Rooms => Path.Combine(root, "rooms");

    private string Keys => Path.Combine(root, "keys");

    /// <summary>Finds the profile that a person names, or <c>cleanroom</c> in the user's configuration directory, which need not exist yet.</summary>
    /// <returns>The profile; or <see cref="RefusalCode.DocumentInvalid"/> when the user has no configuration directory of a full path:
    /// keys would land in whichever folder the program was started in.</returns>
    public static Result<ProfileDirectory> Find(DirectoryInfo? named)
    {
        if (named is not null)
        {
            return new ProfileDirectory(named.FullName);
        }

        var configuration = Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.IsPathFullyQualified(configuration)
            ? new ProfileDirectory(Path.Combine(configuration, "cleanroom"))
            : new Refusal(
                RefusalCode.DocumentInvalid,
                "--profile, or a home folder with a full path",
                configuration.Length == 0 ? "neither" : $"the configuration folder {configuration}");
    }

    /// <summary>Returns the file of a root key, or of a member's keys.</summary>
    public Result<string> KeyFile(KeyHolder holder) => holder.WhyNotNamed() is { } refusal
        ? refusal
        : Path.Combine(Keys, holder.Collaborator, holder.Member is { } member ? MemberPrefix + member + KeySuffix : RootKey);

    /// <summary>Lists whose keys there are, in order of name.</summary>
    public ImmutableArray<KeyHolder> KeyHolders() => !Directory.Exists(Keys)
        ? []
        : [.. Directory.GetDirectories(Keys).Order(StringComparer.Ordinal).SelectMany(HoldersIn)];

    /// <summary>Returns the folder of a collaboration.</summary>
    public string RoomFolder(string collaboration) => Digest.TryParse(collaboration, out _)
        ? Path.Combine(Rooms, collaboration)
        : throw new ArgumentException("wanted a collaboration id", nameof(collaboration));

    /// <summary>Gets the folder of what was seen of budget logs, which belong to no one collaboration.</summary>
    public string BudgetFolder => Path.Combine(Rooms, "budgets");

    /// <summary>Lists the collaborations that the profile knows.</summary>
    public ImmutableArray<string> Collaborations() => !Directory.Exists(Rooms)
        ? []
        : [.. Directory.GetDirectories(Rooms).Select(folder => Path.GetFileName(folder)).Where(name => Digest.TryParse(name, out _)).Order(StringComparer.Ordinal)];

    private static IEnumerable<KeyHolder> HoldersIn(string folder)
    {
        var collaborator = Path.GetFileName(folder);
        foreach (var name in Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
        {
            if (name == RootKey)
            {
                yield return new KeyHolder(collaborator, Member: null);
            }
            else if (name.StartsWith(MemberPrefix, StringComparison.Ordinal) && name.EndsWith(KeySuffix, StringComparison.Ordinal))
            {
                yield return new KeyHolder(collaborator, name[MemberPrefix.Length..^KeySuffix.Length]);
            }
        }
    }
}
