using CleanRoom.Grains.Messages;
using CleanRoom.Node.Configuration;
using CleanRoom.Protocol;

namespace CleanRoom.Node.Admission;

/// <summary>Counts what uploads bring, from their token to its end.</summary>
/// <remarks>Of this start: tokens are too, and who goes on after one asks for a new one.</remarks>
internal sealed class UploadQuotas(AdmissionOptions options, TimeProvider time)
{
    private readonly Dictionary<string, Open> _uploads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RoomStorage> _kept = new(StringComparer.Ordinal);
    private readonly Lock _counting = new();

    /// <summary>Opens an upload, or renews its time.</summary>
    /// <param name="kept">What the room's ledger says is kept for it already.</param>
    /// <returns>Null; <see cref="RefusalCode.TooManyRequests"/> when as many of the room are open as may; <see cref="RefusalCode.DocumentTooLarge"/> when the
    /// room has as much as it may.</returns>
    public Refusal? Begin(string collaboration, string upload, Timestamp until, RoomStorage kept)
    {
        lock (_counting)
        {
            foreach (var (id, open) in _uploads)
            {
                if (open.Until.Value <= time.GetUtcNow())
                {
                    _uploads.Remove(id);
                }
            }

            _kept[collaboration] = kept;
            if (_uploads.TryGetValue(upload, out var known))
            {
                known.Until = until;
                return null;
            }

            if (_uploads.Values.Count(open => open.Collaboration == collaboration) >= options.UploadsOpen)
            {
                return new Refusal(RefusalCode.TooManyRequests, $"at most {options.UploadsOpen} open uploads of a room", "one more");
            }

            if (BytesOf(collaboration) is var bytes && bytes >= options.RoomBytes)
            {
                return RoomIsFull(bytes);
            }

            _uploads[upload] = new Open(collaboration, until);
            return null;
        }
    }

    /// <summary>Counts a part in, before it is read.</summary>
    /// <returns>Null, or <see cref="RefusalCode.DocumentTooLarge"/> when the upload would be longer than one may be, or the room have more than it may.</returns>
    public Refusal? Add(string upload, long bytes)
    {
        lock (_counting)
        {
            if (!_uploads.TryGetValue(upload, out var open))
            {
                return new Refusal(RefusalCode.NotPermitted, "an upload that was begun and has not expired", "another");
            }

            if (open.Bytes + bytes > options.UploadBytes)
            {
                return new Refusal(RefusalCode.DocumentTooLarge, $"an upload of at most {options.UploadBytes} sealed bytes", "more");
            }

            if (BytesOf(open.Collaboration) is var had && had + bytes > options.RoomBytes)
            {
                return RoomIsFull(had + bytes);
            }

            open.Bytes += bytes;
            return null;
        }
    }

    /// <summary>Takes back what was counted in for a part that was not stored, or was there.</summary>
    public void Return(string upload, long bytes)
    {
        lock (_counting)
        {
            if (_uploads.TryGetValue(upload, out var open))
            {
                open.Bytes -= bytes;
            }
        }
    }

    /// <summary>What is kept, and what comes in and is not part of it yet.</summary>
    private long BytesOf(string collaboration)
    {
        var kept = _kept[collaboration];
        return kept.Bytes + _uploads.Where(upload => upload.Value.Collaboration == collaboration && !kept.Uploads.Contains(upload.Key)).Sum(upload => upload.Value.Bytes);
    }

    private Refusal RoomIsFull(long bytes) => new(
        RefusalCode.DocumentTooLarge, $"at most {options.RoomBytes} bytes kept for a room; its owners make room by withdrawing dataset versions", $"{bytes}");

    private sealed class Open(string collaboration, Timestamp until)
    {
        public string Collaboration { get; } = collaboration;

        public Timestamp Until { get; set; } = until;

        public long Bytes { get; set; }
    }
}
