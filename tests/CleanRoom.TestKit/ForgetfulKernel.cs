namespace CleanRoom.TestKit;

/// <summary>
/// Has the kernel drop the names and files that nobody holds, fifty times a second until it is disposed: what it does by itself when memory is short. Files of <c>/proc</c>
/// are other objects afterwards.
/// </summary>
public sealed class ForgetfulKernel : IDisposable
{
    private const string DropCaches = "/proc/sys/vm/drop_caches";
    private const string NamesAndFiles = "2";

    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(20);

    private readonly Timer _timer = new(_ => Drop(), null, TimeSpan.Zero, _pace);

    private ForgetfulKernel()
    {
    }

    /// <summary>Gets why it cannot be had here; null when it can.</summary>
    public static string? Missing { get; } = MayDrop() ? null : "no right to have the kernel drop what it remembers of files";

    /// <summary>Begins.</summary>
    public static ForgetfulKernel Begin() => new();

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static void Drop() => File.WriteAllText(DropCaches, NamesAndFiles);

    private static bool MayDrop()
    {
        try
        {
            Drop();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
