using System.IO.Pipelines;
using CleanRoom.Cryptography.Channel;
using Microsoft.AspNetCore.Http.Features;

namespace CleanRoom.Node.Channels;

/// <summary>Takes what an endpoint writes and sends it as sealed, numbered frames. Status and headers of the endpoint go inside.</summary>
internal sealed class SealedResponseBody : Stream, IHttpResponseBodyFeature, IAsyncDisposable
{
    private readonly HttpContext _context;
    private readonly ChannelExchange _exchange;
    private readonly Stream _outer;
    private ChannelStreamWriter? _frames;
    private bool _isComplete;

    public SealedResponseBody(HttpContext context, ChannelExchange exchange)
    {
        _context = context;
        _exchange = exchange;
        _outer = context.Response.Body;
        Writer = PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));
    }

    /// <inheritdoc/>
    public Stream Stream => this;

    /// <inheritdoc/>
    public PipeWriter Writer { get; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public void DisableBuffering()
    {
    }

    /// <summary>Sends the endpoint's status and content type inside the first frame; the outer answer is always 200 and opaque.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_frames is not null)
        {
            return;
        }

        var status = _context.Response.StatusCode;
        var contentType = _context.Response.ContentType ?? string.Empty;
        _context.Response.Headers.Clear();
        _context.Response.StatusCode = StatusCodes.Status200OK;
        _context.Response.ContentType = ChannelFormat.MediaType;
        _context.Response.Headers.CacheControl = "no-store";
        _frames = await _exchange.StartStreamAsync(status, contentType, _outer, cancellationToken);
    }

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("no endpoint inside the channel serves files");

    /// <inheritdoc/>
    public async Task CompleteAsync()
    {
        if (_isComplete)
        {
            return;
        }

        _isComplete = true;
        await Writer.CompleteAsync();
        await StartAsync(_context.RequestAborted);
        await _frames!.CompleteAsync(_context.RequestAborted);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken);
        await _frames!.WriteAsync(buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _outer.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException("use FlushAsync");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("use WriteAsync");

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _frames?.Dispose();
        return base.DisposeAsync();
    }
}
