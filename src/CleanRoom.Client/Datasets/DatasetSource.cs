using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>A file of the owner, wherever it is kept.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">When it was last changed, as its place tells.</param>
/// <param name="Open">Opens it from its beginning: readable and seekable. The caller closes it.</param>
public sealed record DatasetSource(long Length, Timestamp Modified, Func<CancellationToken, ValueTask<Stream>> Open)
{
    /// <summary>Opens the source and does something with it; a source that cannot be read is a refusal.</summary>
    internal async Task<Result<T>> ReadAsync<T>(Func<Stream, Task<Result<T>>> read, CancellationToken cancellationToken)
        where T : notnull
    {
        try
        {
            await using var stream = await Open(cancellationToken);
            return await read(stream);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalCode.SourceChanged, "a source that can be read to its end", "one that cannot");
        }
    }
}
