using System.Globalization;

namespace CleanRoom.TestKit.Storage;

/// <summary>A file system of so many bytes, in memory, that can be filled to the last one and emptied again.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cleanroom-disk-");

    private SmallDisk()
    {
    }

    /// <summary>Gets why none can be made here, found by making one; null when one can.</summary>
    public static string? Missing { get; } = Try();

    /// <summary>Gets where it is mounted.</summary>
    public DirectoryInfo Folder => _folder;

    private string Ballast => Path.Combine(_folder.FullName, "ballast");

    /// <summary>Makes one.</summary>
    /// <exception cref="InvalidOperationException">It could not be mounted; the message has the words of <c>mount</c>.</exception>
    public static SmallDisk Make(int megabytes)
    {
        var disk = new SmallDisk();
        var words = SystemTool.Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", disk._folder.FullName);
        if (words is not null)
        {
            disk._folder.Delete();
            throw new InvalidOperationException(words);
        }

        return disk;
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        var block = new byte[64 << 10];
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var length = block.Length; length > 0;)
        {
            try
            {
                ballast.Write(block.AsSpan(0, length));
            }
            catch (IOException)
            {
                length /= 2; // There may be room for less.
            }
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Free() => File.Delete(Ballast);

    /// <inheritdoc/>
    public void Dispose()
    {
        SystemTool.Run("umount", "--lazy", _folder.FullName);
        _folder.Delete();
    }

    private static string? Try()
    {
        try
        {
            Make(1).Dispose();
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }
}
