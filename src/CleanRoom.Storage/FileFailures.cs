namespace CleanRoom.Storage;

/// <summary>Turns failures of the file system into <see cref="StorageException"/>.</summary>
internal static class FileFailures
{
    // The runtime puts the errno into HResult on Unix, and the HRESULT of the Win32 code on Windows.
    private const int UnixFileTooLarge = 27;
    private const int UnixNoSpace = 28;
    private const int UnixReadOnly = 30;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Returns a value that says whether the exception is a failure of the file system.</summary>
    public static bool IsFileFailure(this Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Names the failure. The path is the operator's own and is in the message.</summary>
    public static StorageException Translate(Exception exception, string wanted) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            new StorageException(StorageFailure.NotFound, $"wanted to {wanted}; got no such file", exception),
        UnauthorizedAccessException =>
            new StorageException(StorageFailure.ReadOnly, $"wanted to {wanted}; got no permission", exception),
        _ => exception.HResult switch
        {
            UnixNoSpace or UnixFileTooLarge or LinuxQuota or MacQuota or WindowsDiskFull or WindowsHandleDiskFull =>
                new StorageException(StorageFailure.Full, $"wanted to {wanted}; got a full disk", exception),
            UnixReadOnly =>
                new StorageException(StorageFailure.ReadOnly, $"wanted to {wanted}; got a read-only file system", exception),
            _ => new StorageException(StorageFailure.Failed, $"wanted to {wanted}; got a failure of the file system", exception),
        },
    };
}
