using System.Collections.Immutable;
using System.Text;

namespace CleanRoom.Protocol.Portal;

/// <summary>The portal's files with a digest each, and the one digest over all of them. Spec: contracts/spec/0017 s.2.</summary>
public sealed class PortalFileList
{
    /// <summary>The name under which the list is served beside the files; it is not in the list.</summary>
    public const string FileName = "files.sha256";

    /// <summary>Most bytes of a list: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const string Label = "cleanroom/v1/portal-files";
    private const int LinesOfAFile = 2;

    private PortalFileList(ImmutableSortedDictionary<string, Digest> files, Bytes encoded) => (Files, Encoded) = (files, encoded);

    /// <summary>Gets SHA-256 of each file by its path, in the order of the list.</summary>
    public ImmutableSortedDictionary<string, Digest> Files { get; }

    /// <summary>Gets the list as it is served: for each file its path, a line feed, 64 hex digits, a line feed.</summary>
    public Bytes Encoded { get; }

    /// <summary>Gets the digest over all files.</summary>
    public Digest Digest => Digest.Labelled(Label, Encoded.Span);

    /// <summary>Makes the list of some files.</summary>
    /// <exception cref="ArgumentException">A path has not the form of <see cref="IsPath"/>, or comes twice.</exception>
    public static PortalFileList Of(IEnumerable<KeyValuePair<string, Digest>> files)
    {
        var sorted = files.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return sorted.Keys.FirstOrDefault(path => !IsPath(path)) is { } misnamed
            ? throw new ArgumentException($"wanted paths of letters, digits and ._-/, got {misnamed}", nameof(files))
            : new PortalFileList(sorted, new Bytes(Encoding.ASCII.GetBytes(string.Concat(sorted.Select(file => $"{file.Key}\n{file.Value}\n")))));
    }

    /// <summary>Reads a list. Trust: attacker-controlled; only the one written form is read.</summary>
    /// <returns>The list, or <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public static Result<PortalFileList> Parse(ReadOnlySpan<byte> list)
    {
        if (list.Length is 0 or > MaxBytes || list[^1] != '\n' || list.ContainsAnyExceptInRange((byte)'\n', (byte)'z'))
        {
            return Other();
        }

        var lines = Encoding.ASCII.GetString(list).Split('\n')[..^1];
        var files = ImmutableSortedDictionary.CreateBuilder<string, Digest>(StringComparer.Ordinal);
        if (lines.Length % LinesOfAFile != 0)
        {
            return Other();
        }

        foreach (var file in lines.Chunk(LinesOfAFile))
        {
            if (!IsPath(file[0]) || files.ContainsKey(file[0]) || !Digest.TryParse(file[1], out var digest))
            {
                return Other();
            }

            files.Add(file[0], digest);
        }

        var read = Of(files);
        return read.Encoded.Span.SequenceEqual(list) ? read : Other();
    }

    /// <summary>Says whether a path is one that a list can hold: letters, digits, <c>._-/</c>, no empty or dotted step.</summary>
    public static bool IsPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' or '/')
            && path.Split('/').All(step => step is not ("" or "." or ".."));
    }

    private static Refusal Other() => new(RefusalCode.DocumentInvalid, "a list of paths and sha-256 digests in the order of the paths", "another text");
}
