using CleanRoom.Protocol;

namespace CleanRoom.Cryptography.Sealing;

/// <summary>A result that a receiver opened and whose commitment holds.</summary>
public sealed class OpenedResult
{
    internal OpenedResult(Bytes salt, ReadOnlyMemory<byte> payload) => (Salt, Payload) = (salt, payload);

    /// <summary>Gets the 32 bytes that open the commitment to a third party, together with the payload.</summary>
    public Bytes Salt { get; }

    /// <summary>Gets the answer's bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";
}
