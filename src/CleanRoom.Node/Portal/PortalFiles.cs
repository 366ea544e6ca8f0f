using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Portal;
using Microsoft.AspNetCore.StaticFiles;

namespace CleanRoom.Node.Portal;

/// <summary>The portal's files, as the build laid them beside the program. Nothing outside this list is ever served.</summary>
/// <remarks>The files are named and digested once, at the start: a file that is added later is not served, and the digest is that of the start.</remarks>
public sealed partial class PortalFiles
{
    /// <summary>The folder beside the program.</summary>
    public const string FolderName = "portal";

    private const string Index = "index.html";

    private static readonly FileExtensionContentTypeProvider _types = new(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".json"] = "application/json",
        [".svg"] = "image/svg+xml",
        [".wasm"] = "application/wasm",
        [".dat"] = "application/octet-stream",
    });

    private readonly FrozenDictionary<string, PortalFile> _files;

    private PortalFiles(FrozenDictionary<string, PortalFile> files, PortalFileList list, string importMap) =>
        (_files, List, ImportMap) = (files, list, importMap);

    /// <summary>Gets the list of all names and contents, which is served beside them. It is made from the files, never read.</summary>
    public PortalFileList List { get; }

    /// <summary>Gets the digest of all names and contents: the same for the same build, wherever it is served.</summary>
    public Digest Digest => List.Digest;

    /// <summary>Gets how many files there are, without compressed forms.</summary>
    public int Count => _files.Count;

    /// <summary>Reads the portal that lies beside this program.</summary>
    /// <returns>The files; or null when this build has none.</returns>
    public static PortalFiles? FindBesideProgram() => Open(Path.Combine(AppContext.BaseDirectory, FolderName));

    /// <summary>Reads the files of a folder.</summary>
    /// <returns>The files; or null when there is no portal in it.</returns>
    public static PortalFiles? Open(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Index)))
        {
            return null;
        }

        var files = new SortedDictionary<string, PortalFile>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
            if (_types.TryGetContentType(name, out var type) && PortalFileList.IsPath(name))
            {
                var brotli = File.Exists(path + ".br") ? path + ".br" : null;
                files.Add(name, new PortalFile(path, brotli, type, Digest.Of(File.ReadAllBytes(path))));
            }
        }

        var list = PortalFileList.Of(files.Select(file => KeyValuePair.Create(file.Key, file.Value.Digest)));
        return new PortalFiles(files.ToFrozenDictionary(StringComparer.Ordinal), list, SourceOf(File.ReadAllText(Path.Combine(folder, Index))));
    }

    /// <summary>Gets the page's import map as a source of a policy: <c>'sha256-...'</c> over its text. No other script in the page may run.</summary>
    internal string ImportMap { get; }

    /// <summary>Finds what a path of the portal stands for: a file, or the page itself for an address of the page.</summary>
    /// <param name="path">Without the portal's prefix and leading slash. Trust: attacker-controlled; it is looked up, never opened.</param>
    internal PortalFile? Find(string path) => _files.TryGetValue(path, out var file)
        ? file
        : Path.HasExtension(path) ? null : _files[Index];

    private static string SourceOf(string page) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(ImportMapOf().Match(page).Groups[1].Value)))}'";

    /// <summary>The text of the page's import map; a page without one has the empty text.</summary>
    [GeneratedRegex("""<script type="importmap">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex ImportMapOf();
}

/// <summary>One file of the portal.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="BrotliPath">Its compressed form; null when there is none.</param>
/// <param name="ContentType">What the browser is told.</param>
/// <param name="Digest">SHA-256 of the file when it was read.</param>
internal sealed record PortalFile(string Path, string? BrotliPath, string ContentType, Digest Digest);
