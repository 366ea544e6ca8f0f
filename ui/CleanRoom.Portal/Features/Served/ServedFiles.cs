using CleanRoom.Portal.Browser;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Portal;

namespace CleanRoom.Portal.Features.Served;

/// <summary>What this page was served, digested by the page itself. Spec: contracts/spec/0017 s.3.</summary>
/// <param name="Digest">Over all files as they came, not as the list says.</param>
/// <param name="Count">Number of files.</param>
internal sealed record ServedFiles(Digest Digest, int Count)
{
    private const int MostNamed = 5;

    /// <summary>Asks for the list and for every file in it, and compares.</summary>
    /// <returns>The digest; or which files did not come, or came as others than the list says.</returns>
    public static async Task<Result<ServedFiles>> ReadAsync(BrowserModule module, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(module);
        if (await module.CallAsync<byte[]?>("servedList", cancellationToken) is not { } bytes)
        {
            return new Refusal(RefusalCode.Unavailable, $"the list {PortalFileList.FileName} beside this page", "none");
        }

        if (!PortalFileList.Parse(bytes).TryGet(out var list, out var refusals))
        {
            return refusals;
        }

        string[] paths = [.. list.Files.Keys];
        var came = await module.CallAsync<string[]>("servedDigests", cancellationToken, (object)paths);
        return Compare(list, came);
    }

    /// <summary>Compares what came with the list, in its order.</summary>
    internal static Result<ServedFiles> Compare(PortalFileList list, IReadOnlyList<string> came)
    {
        var files = list.Files.Zip(came, (file, hex) => (file.Key, Wanted: file.Value, Got: Digest.TryParse(hex, out var got) ? got : (Digest?)null)).ToList();
        var others = files.Where(file => file.Got != file.Wanted).ToList();
        return others.Count == 0 && files.Count == list.Files.Count
            ? new ServedFiles(PortalFileList.Of(files.Select(file => KeyValuePair.Create(file.Key, file.Wanted))).Digest, files.Count)
            : new Refusal(
                RefusalCode.DocumentInvalid,
                $"{list.Files.Count} files as the list beside them says",
                $"{others.Count} that did not come or came as others: {string.Join(", ", others.Take(MostNamed).Select(file => file.Key))}");
    }
}
