using System.Globalization;
using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>A plain folder of endorsements, as <c>cleanroom attest verify --endorsements</c> reads it: each file as its maker sent it.</summary>
public static class EndorsementBundle
{
    /// <summary>Most files, which is also the most endorsements that evidence may have (contracts/spec/0006 s.4).</summary>
    public const int MaxFiles = 64;

    /// <summary>Writes a new folder. It appears whole or not at all.</summary>
    /// <returns>The names of the files in the order in which they are read; or <see cref="RefusalCode.DocumentInvalid"/> when there is
    /// something of that name, the folder cannot be made, or there would be more than 64 files.</returns>
    public static Result<IReadOnlyList<string>> Write(DirectoryInfo folder, IReadOnlyList<Endorsement> endorsements)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(endorsements);
        var files = Files(endorsements).ToList();
        if (files.Count is 0 or > MaxFiles)
        {
            return new Refusal(RefusalCode.DocumentInvalid, $"endorsements of 1 to {MaxFiles} files", $"{files.Count}");
        }

        var unfinished = new DirectoryInfo(folder.FullName.TrimEnd(Path.DirectorySeparatorChar) + ".new");
        try
        {
            if (folder.Exists || unfinished.Exists)
            {
                return new Refusal(RefusalCode.DocumentInvalid, "a new folder", $"{(folder.Exists ? folder : unfinished).FullName}, which exists");
            }

            unfinished.Create();
            foreach (var (name, content) in files)
            {
                File.WriteAllBytes(Path.Combine(unfinished.FullName, name), content.ToArray());
            }

            unfinished.MoveTo(folder.FullName);
            return files.ConvertAll(file => file.Name);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.DocumentInvalid, "a folder that can be written", folder.FullName);
        }
    }

    private static IEnumerable<(string Name, Bytes Content)> Files(IReadOnlyList<Endorsement> endorsements)
    {
        for (var i = 0; i < endorsements.Count; i++)
        {
            var name = $"{i.ToString("D2", CultureInfo.InvariantCulture)}-{endorsements[i].Request.Name}";
            yield return (name + Extension(endorsements[i].Request.Form), endorsements[i].Content);
            if (endorsements[i].IssuerChain.Length > 0)
            {
                yield return (name + "-issuers.pem", endorsements[i].IssuerChain);
            }
        }
    }

    private static string Extension(EndorsementForm form) => form switch
    {
        EndorsementForm.Certificate => ".der",
        EndorsementForm.RevocationList => ".crl",
        EndorsementForm.Collateral => ".json",
        _ => ".pem",
    };
}
