using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>The machine's TPM behind the kernel's resource manager.</summary>
/// <param name="path">A character device. Default <c>/dev/tpmrm0</c>: its objects are one opener's, and flushed when it closes.</param>
public sealed class TpmDevice(string path = TpmDevice.DefaultPath) : ITpmTransport
{
    /// <summary>Where Linux has it.</summary>
    public const string DefaultPath = "/dev/tpmrm0";

    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public ValueTask<ITpmConnection> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // Unbuffered: one write is one command.
            var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            return ValueTask.FromResult<ITpmConnection>(new TpmStreamConnection(stream, path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AttesterException($"{path}: wanted a tpm that can be opened, got {Words(exception)}", exception);
        }
    }

    private static string Words(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => "none",
        UnauthorizedAccessException => "no permission",
        _ => "an error",
    };
}
