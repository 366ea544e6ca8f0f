using System.Collections.Immutable;
using System.Text.Json;
using CleanRoom.Protocol;
using CleanRoom.Protocol.Api;
using CleanRoom.Protocol.Ledger;

namespace CleanRoom.Client.Ledger;

/// <summary>A ledger in a file: rows and checkpoint, which anyone folds without a network by <c>cleanroom log audit FILE</c>.</summary>
public static class LedgerExport
{
    /// <summary>Writes the verified ledger.</summary>
    public static byte[] Of(LedgerMirror mirror)
    {
        ArgumentNullException.ThrowIfNull(mirror);
        ImmutableArray<Bytes> rows = [.. mirror.Rows.Select(row => new Bytes(RowCodec.Encode(row)))];
        return JsonSerializer.SerializeToUtf8Bytes(
            new RowsResponse(rows, rows.Length, mirror.Note), ApiJsonContext.Default.RowsResponse);
    }
}
