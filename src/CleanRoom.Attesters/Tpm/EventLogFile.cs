namespace CleanRoom.Attesters.Tpm;

/// <summary>The firmware's log of what it measured.</summary>
internal static class EventLogFile
{
    /// <summary>Most bytes of a log that goes into evidence.</summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>Reads it; null when there is none, when it may not be read, or when it is too long. The kernel does not say its length beforehand.</summary>
    public static async ValueTask<byte[]?> TryReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var log = new byte[MaxBytes + 1];
            var length = await file.ReadAtLeastAsync(log, log.Length, throwOnEndOfStream: false, cancellationToken);
            return length is > 0 and <= MaxBytes ? log[..length] : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // It is an addition: the quote says what the log would explain.
            return null;
        }
    }
}
