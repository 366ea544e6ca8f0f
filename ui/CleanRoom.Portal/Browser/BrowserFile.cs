using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using CleanRoom.Client.Datasets;
using CleanRoom.Cryptography.Keys;
using CleanRoom.Protocol;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CleanRoom.Portal.Browser;

/// <summary>A file that the person picked. Its bytes stay where the browser has them; a worker reads, seals and sends them.</summary>
public sealed class BrowserFile : IPartCarrier, IAsyncDisposable
{
    private readonly BrowserModule _module;
    private readonly IJSObjectReference _handle;

    private BrowserFile(BrowserModule module, IJSObjectReference handle, FileFacts facts) => (_module, _handle, Facts) = (module, handle, facts);

    /// <summary>Gets what the browser tells of it.</summary>
    public FileFacts Facts { get; }

    /// <summary>Gets the end of what <see cref="ReadAsync"/> read last.</summary>
    public long ReadTo { get; private set; }

    /// <summary>Gets it as a source, which reads it piece by piece.</summary>
    public DatasetSource Source => new(
        Facts.Size, Timestamp.From(DateTimeOffset.FromUnixTimeMilliseconds(Facts.Modified)), _ => ValueTask.FromResult<Stream>(new BrowserFileStream(this)));

    /// <summary>Takes the file that was picked.</summary>
    /// <param name="module">The portal's module.</param>
    /// <param name="input">The field.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="JSException">Nothing is picked.</exception>
    public static async Task<BrowserFile> PickedAsync(BrowserModule module, ElementReference input, CancellationToken cancellationToken)
    {
        var handle = await module.CallAsync<IJSObjectReference>("pickedFile", cancellationToken, input);
        return new BrowserFile(module, handle, await module.CallAsync<FileFacts>("factsOfFile", cancellationToken, handle));
    }

    /// <summary>Returns the same file with other bytes for its beginning: a header under other names. Its rows are not read, and stay where they are.</summary>
    /// <param name="cut">How many bytes of its beginning go.</param>
    /// <param name="header">What stands there instead.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<BrowserFile> WithHeaderAsync(long cut, byte[] header, CancellationToken cancellationToken)
    {
        var handle = await _module.CallAsync<IJSObjectReference>("withHeader", cancellationToken, _handle, cut, header);
        return new BrowserFile(_module, handle, await _module.CallAsync<FileFacts>("factsOfFile", cancellationToken, handle));
    }

    /// <summary>Reads a piece.</summary>
    /// <exception cref="IOException">The browser does not read it: it is another file by now, or gone.</exception>
    public async Task<byte[]> ReadAsync(long offset, int length, CancellationToken cancellationToken)
    {
        var read = await _module.CallAsync<byte[]?>("readFile", cancellationToken, _handle, offset, length);
        if (read?.Length != length)
        {
            throw new IOException($"wanted {length} bytes of {Facts.Name}, got {read?.Length ?? 0}");
        }

        ReadTo = offset + length;
        return read;
    }

    /// <inheritdoc/>
    public async ValueTask TakeKeyAsync(DataKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var secret = key.Secret.Span.ToArray();
        try
        {
            await _module.CallAsync<object?>("useDataKey", cancellationToken, _handle, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Result<Digest>> DigestAsync(SourcePart part, CancellationToken cancellationToken)
    {
        var done = await _module.CallAsync<PartOutcome>(
            "digestPart", cancellationToken, _handle, part.Offset, part.Length, part.Digest?.ToString() ?? string.Empty);
        return WhyNot(part, done) is { } refusal ? refusal : Digest.TryParse(done.Digest, out var digest) ? digest : Broken(done);
    }

    /// <inheritdoc/>
    public async ValueTask<Result<PartAnswer>> CarryAsync(SourcePart part, PartDestination destination, CancellationToken cancellationToken)
    {
        var done = await _module.CallAsync<PartOutcome>(
            "carryPart",
            cancellationToken,
            _handle,
            part.Offset,
            part.Length,
            part.Digest!.Value.ToString(), // Known since the upload began.
            destination.AssociatedData,
            destination.Address.AbsoluteUri,
            destination.Token);
        return WhyNot(part, done) is { } refusal
            ? refusal
            : Digest.TryParse(done.Digest, out var digest) ? new PartAnswer(digest, done.Status, new Bytes(done.Body ?? [])) : Broken(done);
    }

    /// <summary>Says how many bytes of parts under way have gone.</summary>
    public ValueTask<long> BytesUnderAsync() => _module.CallAsync<long>("bytesUnder", CancellationToken.None, _handle);

    /// <summary>Ends whatever the worker does, and forgets its key.</summary>
    public async Task StopAsync() => await _module.CallAsync<object?>("stopFile", CancellationToken.None, _handle);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _handle.DisposeAsync();
    }

    private static Refusal? WhyNot(SourcePart part, PartOutcome done) => done.Outcome switch
    {
        "read" or "answered" => null,
        "unreadable" => new Refusal(RefusalCode.SourceChanged, "the file as it was when it was chosen", "one that the browser no longer reads: it was changed, moved or removed"),
        "changed" => SourceFacts.Changed(part.Index),
        "unreached" => new Refusal(RefusalCode.Unavailable, "a room that takes parts", "no answer"),
        "silent" => new Refusal(RefusalCode.Unavailable, "a room that takes parts", "no answer in time"),
        _ => Broken(done),
    };

    private static Refusal Broken(PartOutcome done) =>
        new(RefusalCode.StorageFailed, "a worker that seals parts", done.Outcome == "failed" ? $"one that failed: {done.Digest}" : "one that was stopped");
}

/// <summary>What a browser tells of a file.</summary>
/// <param name="Name">Without a path.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">Milliseconds since 1970.</param>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
public sealed record FileFacts(string Name, long Size, long Modified);

/// <summary>What came of a part in the worker.</summary>
/// <param name="Outcome">One word; upload-worker.js has them.</param>
/// <param name="Digest">Of the plaintext when it was read, of the sealed bytes when it was sent.</param>
/// <param name="Status">The HTTP status; 0 without an answer.</param>
/// <param name="Body">The answer's.</param>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
public sealed record PartOutcome(string Outcome, string Digest, int Status, byte[]? Body);
