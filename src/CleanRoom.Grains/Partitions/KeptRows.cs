using System.Security.Cryptography;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Partitions;

/// <summary>The rows of a partition's last run until all of them were asked for. Zeroed when they are let go.</summary>
internal sealed class KeptRows
{
    private string _correlationId = string.Empty;
    private byte[] _rows = [];

    /// <summary>Keeps the rows of a run in the place of earlier ones.</summary>
    /// <param name="correlationId">The run.</param>
    /// <param name="rows">Its encoded rows; taken over.</param>
    /// <returns>The first piece.</returns>
    public PartitionRows Keep(string correlationId, byte[] rows)
    {
        Forget();
        (_correlationId, _rows) = (correlationId, rows);
        return Piece(0);
    }

    /// <summary>Returns the piece from a place on.</summary>
    /// <param name="correlationId">The run that the rows are of.</param>
    /// <param name="offset">The bytes that the caller has.</param>
    /// <returns>The piece; or <see cref="RefusalCode.Unavailable"/> for what is not kept.</returns>
    public Result<PartitionRows> Rest(string correlationId, int offset) =>
        string.Equals(correlationId, _correlationId, StringComparison.Ordinal) && offset >= 0 && offset < _rows.Length
            ? Piece(offset)
            : new Refusal(RefusalCode.Unavailable, $"rows of the run {correlationId} from byte {offset} on", "none that are kept");

    /// <summary>Lets them go.</summary>
    public void Forget()
    {
        CryptographicOperations.ZeroMemory(_rows);
        (_correlationId, _rows) = (string.Empty, []);
    }

    private PartitionRows Piece(int offset)
    {
        var total = _rows.Length;
        var end = Math.Min(total, offset + PartitionRows.MostBytes);
        var piece = new PartitionRows(_rows[offset..end], total);
        if (end == total)
        {
            Forget();
        }

        return piece;
    }
}
