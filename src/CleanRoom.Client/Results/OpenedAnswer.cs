using CleanRoom.Protocol;
using CleanRoom.Protocol.Fold;

namespace CleanRoom.Client.Results;

/// <summary>An answer that this member opened; commitment, bytes and row agree.</summary>
public sealed class OpenedAnswer
{
    internal OpenedAnswer(RunState run, Bytes salt, ReadOnlyMemory<byte> payload) => (Run, Salt, Payload) = (run, salt, payload);

    /// <summary>Gets the run in the verified ledger.</summary>
    public RunState Run { get; }

    /// <summary>Gets the 32 bytes that open the commitment to a third party, together with the payload.</summary>
    public Bytes Salt { get; }

    /// <summary>Gets the answer: an Arrow IPC stream.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
