using CleanRoom.Privacy.Noise;

namespace CleanRoom.Privacy.Tests.Support;

/// <summary>A stream that ends: a sampler that would draw for ever fails at once.</summary>
internal sealed class MeteredNoise(SeededNoise stream) : RandomBytes, IDisposable
{
    private const int MaxFills = 1 << 20;
    private const int MaxFillsOfADraw = 1 << 14;

    private int _left = MaxFills;

    /// <summary>What follows is one draw, for which no sampler asks more than some hundred times.</summary>
    public void BeginDraw() => _left = MaxFillsOfADraw;

    public override void Fill(Span<byte> destination)
    {
        if (_left-- == 0)
        {
            throw new InvalidOperationException("wanted a sampler that ends, got one that draws on and on");
        }

        stream.Fill(destination);
    }

    public void Dispose() => stream.Dispose();
}
