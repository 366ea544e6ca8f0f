using CleanRoom.Engine.Loading;
using CleanRoom.Protocol;

namespace CleanRoom.Engine.Tests.Support;

/// <summary>A source that is not sealed at all, and can refuse a range.</summary>
internal sealed class BytesSource(byte[] bytes) : ISealedSource
{
    public long PlaintextLength => bytes.Length;

    /// <summary>Gets the reads, in order.</summary>
    public List<(long Offset, int Length)> Reads { get; } = [];

    /// <summary>Gets the number of the read that is refused; none by default.</summary>
    public int RefusedRead { get; init; } = -1;

    public ValueTask<Refusal?> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Reads.Add((offset, destination.Length));
        if (Reads.Count - 1 == RefusedRead)
        {
            return ValueTask.FromResult<Refusal?>(new Refusal(RefusalCode.SealInvalid, "an authentic segment", "another"));
        }

        bytes.AsSpan((int)offset, destination.Length).CopyTo(destination.Span);
        return ValueTask.FromResult<Refusal?>(null);
    }
}
