using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using CleanRoom.Protocol.Json;

namespace CleanRoom.Protocol;

/// <summary>A byte string of a document, compared by content.</summary>
/// <remarks>Text form: base64 of RFC 4648 s.4 with padding, canonical (unused bits zero). Spec: contracts/spec/0001 s.3.</remarks>
[JsonConverter(typeof(BytesJsonConverter))]
public readonly struct Bytes : IEquatable<Bytes>
{
    private readonly byte[]? _value;

    /// <summary>Copies the bytes.</summary>
    public Bytes(ReadOnlySpan<byte> value) => _value = value.ToArray();

    /// <summary>Gets the bytes; empty for the default value.</summary>
    public ReadOnlySpan<byte> Span => _value;

    /// <summary>Gets the bytes; empty for the default value.</summary>
    public ReadOnlyMemory<byte> Memory => _value;

    /// <summary>Gets the length in bytes.</summary>
    public int Length => Span.Length;

    /// <summary>Returns a copy.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <summary>Reads canonical base64.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Bytes bytes)
    {
        bytes = default;
        if (text is null)
        {
            return false;
        }

        var buffer = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(text, buffer, out var written))
        {
            return false;
        }

        var value = buffer.AsSpan(0, written);
        if (!string.Equals(Convert.ToBase64String(value), text, StringComparison.Ordinal))
        {
            return false;
        }

        bytes = new Bytes(value);
        return true;
    }

    /// <summary>Returns the base64 text.</summary>
    public override string ToString() => Convert.ToBase64String(Span);

    /// <inheritdoc/>
    public bool Equals(Bytes other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Compares by content.</summary>
    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);

    /// <summary>Compares by content.</summary>
    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);
}
