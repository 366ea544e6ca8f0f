namespace CleanRoom.Datasets.Conversion;

/// <summary>Memory for many small values that die together.</summary>
internal sealed class Arena<T>
{
    private const int ChunkLength = 1 << 18;

    private readonly T[] _first = new T[ChunkLength];
    private T[] _chunk;
    private int _used;

    public Arena() => _chunk = _first;

    /// <summary>Returns memory that stays valid until <see cref="Clear"/>.</summary>
    public Memory<T> Take(int length)
    {
        if (length > _chunk.Length - _used)
        {
            (_chunk, _used) = (new T[Math.Max(length, ChunkLength)], 0);
        }

        var taken = _chunk.AsMemory(_used, length);
        _used += length;
        return taken;
    }

    /// <summary>Copies values.</summary>
    public ReadOnlyMemory<T> Copy(ReadOnlySpan<T> values)
    {
        var copy = Take(values.Length);
        values.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Takes all memory back.</summary>
    public void Clear() => (_chunk, _used) = (_first, 0);
}
