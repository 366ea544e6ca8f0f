using System.Security.Cryptography;
using CleanRoom.Grains.Messages;
using CleanRoom.Protocol;

namespace CleanRoom.Grains.Partitions;

/// <summary>The rows of a partition's runs until all of them were asked for. Zeroed when they are let go.</summary>
internal sealed class KeptRows
{
    /// <summary>The most runs whose rows wait: of those that nobody asks for any more the oldest make room.</summary>
    public const int MostRuns = 16;

    private readonly List<(string CorrelationId, byte[] Rows)> _waiting = [];

    /// <summary>Keeps the rows of a run in the place of earlier ones of it.</summary>
    /// <param name="correlationId">The run.</param>
    /// <param name="rows">Its encoded rows; taken over.</param>
    /// <returns>The first piece.</returns>
    public PartitionRows Keep(string correlationId, byte[] rows)
    {
        Forget(correlationId);
        if (_waiting.Count == MostRuns)
        {
            Forget(_waiting[0].CorrelationId);
        }

        _waiting.Add((correlationId, rows));
        return Piece(correlationId, rows, 0);
    }

    /// <summary>Returns the piece from a place on.</summary>
    /// <param name="correlationId">The run that the rows are of.</param>
    /// <param name="offset">The bytes that the caller has.</param>
    /// <returns>The piece; or <see cref="RefusalCode.Unavailable"/> for what is not kept.</returns>
    public Result<PartitionRows> Rest(string correlationId, int offset) =>
        _waiting.Find(run => run.CorrelationId == correlationId) is (_, { } rows) && offset >= 0 && offset < rows.Length
            ? Piece(correlationId, rows, offset)
            : new Refusal(RefusalCode.Unavailable, $"rows of the run {correlationId} from byte {offset} on", "none that are kept");

    /// <summary>Lets all of them go.</summary>
    public void Forget()
    {
        while (_waiting.Count > 0)
        {
            Forget(_waiting[0].CorrelationId);
        }
    }

    private void Forget(string correlationId)
    {
        var index = _waiting.FindIndex(run => run.CorrelationId == correlationId);
        if (index >= 0)
        {
            CryptographicOperations.ZeroMemory(_waiting[index].Rows);
            _waiting.RemoveAt(index);
        }
    }

    private PartitionRows Piece(string correlationId, byte[] rows, int offset)
    {
        var end = Math.Min(rows.Length, offset + PartitionRows.MostBytes);
        var piece = new PartitionRows(rows[offset..end], rows.Length);
        if (end == rows.Length)
        {
            Forget(correlationId);
        }

        return piece;
    }
}
