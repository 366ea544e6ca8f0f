using System.Collections.Concurrent;
using CleanRoom.Node.Configuration;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Admission;

/// <summary>Counts what uploads bring, from their token to its end.</summary>
/// <remarks>Of this start: tokens are too, and who goes on after one asks for a new one.</remarks>
internal sealed class UploadQuotas(AdmissionOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Open> _uploads = new(StringComparer.Ordinal);
    private readonly Lock _beginning = new();

    /// <summary>Opens an upload, or renews its time.</summary>
    /// <returns>Null, or <see cref="RefusalCode.TooManyRequests"/> when as many of the room are open as may.</returns>
    public Refusal? Begin(string collaboration, string upload, Timestamp until)
    {
        lock (_beginning)
        {
            foreach (var (id, open) in _uploads)
            {
                if (open.Until.Value <= time.GetUtcNow())
                {
                    _uploads.TryRemove(id, out _);
                }
            }

            if (_uploads.TryGetValue(upload, out var known))
            {
                known.Until = until;
                return null;
            }

            if (_uploads.Values.Count(open => open.Collaboration == collaboration) >= options.UploadsOpen)
            {
                return new Refusal(RefusalCode.TooManyRequests, $"at most {options.UploadsOpen} open uploads of a room", "one more");
            }

            _uploads[upload] = new Open(collaboration, until);
            return null;
        }
    }

    /// <summary>Counts a part in, before it is read.</summary>
    /// <returns>Null, or <see cref="RefusalCode.DocumentTooLarge"/> when the upload would be longer than one may be.</returns>
    public Refusal? Add(string upload, long bytes)
    {
        if (!_uploads.TryGetValue(upload, out var open))
        {
            return new Refusal(RefusalCode.NotPermitted, "an upload that was begun and has not expired", "another");
        }

        if (Interlocked.Add(ref open.Bytes, bytes) <= options.UploadBytes)
        {
            return null;
        }

        Interlocked.Add(ref open.Bytes, -bytes);
        return new Refusal(RefusalCode.DocumentTooLarge, $"an upload of at most {options.UploadBytes} sealed bytes", "more");
    }

    /// <summary>Takes back what was counted in for a part that was not stored, or was there.</summary>
    public void Return(string upload, long bytes)
    {
        if (_uploads.TryGetValue(upload, out var open))
        {
            Interlocked.Add(ref open.Bytes, -bytes);
        }
    }

    private sealed class Open(string collaboration, Timestamp until)
    {
        public long Bytes;

        public string Collaboration { get; } = collaboration;

        public Timestamp Until { get; set; } = until;
    }
}
