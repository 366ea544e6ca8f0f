namespace CleanRoom.Storage.Ledger;

/// <summary>One ledger row as the host keeps it: a position and ciphertext. Compared by content.</summary>
/// <remarks>Trust: host-controlled when read back; the reader opens and refolds it.</remarks>
public sealed class SealedRow(long sequence, ReadOnlyMemory<byte> ciphertext) : IEquatable<SealedRow>
{
    /// <summary>Gets the position in the log, from 0.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Gets the sealed bytes.</summary>
    public ReadOnlyMemory<byte> Ciphertext { get; } = ciphertext;

    /// <inheritdoc/>
    public bool Equals(SealedRow? other) =>
        other is not null && Sequence == other.Sequence && Ciphertext.Span.SequenceEqual(other.Ciphertext.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SealedRow);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Sequence);
        hash.AddBytes(Ciphertext.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"row {Sequence}, {Ciphertext.Length} bytes sealed";
}
