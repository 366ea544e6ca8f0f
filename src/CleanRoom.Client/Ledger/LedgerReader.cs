using System.Globalization;
using CleanRoom.Client.Rooms;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Ledger;

/// <summary>Fetches rows in pages, up to the end of the log as the last page tells it.</summary>
internal static class LedgerReader
{
    private const int RowsPerPage = 64;

    /// <summary>Most new rows that one reading takes.</summary>
    private const int MaxRows = 1 << 20;

    // Rows are base64 in JSON.
    private const int MaxPageBytes = (RowsPerPage * (RowCodec.MaxRowBytes / 3 * 4)) + (64 * 1024);

    /// <summary>Reads everything from a row on. Nothing is checked here.</summary>
    public static Task<Result<RowsRead>> ReadAsync(RoomLink link, string collaboration, long from, CancellationToken cancellationToken) =>
        ReadPathAsync(link, ApiPaths.Of(ApiRoutes.Rows, collaboration) + "?", from, cancellationToken);

    /// <summary>Reads everything from a row on of the log behind a path, which ends where further parameters may follow.</summary>
    public static async Task<Result<RowsRead>> ReadPathAsync(RoomLink link, string path, long from, CancellationToken cancellationToken)
    {
        var rows = new List<Bytes>();
        while (true)
        {
            var at = from + rows.Count;
            var page = await link.CallAsync(
                ApiRequest.Get(path + string.Create(CultureInfo.InvariantCulture, $"from={at}&count={RowsPerPage}")) with { MaxReplyBytes = MaxPageBytes }, ApiJsonContext.Default.RowsResponse, cancellationToken);
            if (!page.TryGet(out var read, out var refusals))
            {
                return refusals;
            }

            rows.AddRange(read.Rows);
            if (read.Rows.IsEmpty || from + rows.Count >= read.Size)
            {
                return new RowsRead(rows, read.Checkpoint);
            }

            if (rows.Count > MaxRows)
            {
                return new Refusal(RefusalCode.DocumentTooLarge, $"at most {MaxRows} rows at once", $"{read.Size - from}");
            }
        }
    }
}

/// <summary>Encoded rows and the note that came with the last of them.</summary>
internal sealed record RowsRead(List<Bytes> Rows, string Note);
