using System.Runtime.Versioning;
using CleanRoom.Cryptography;

namespace CleanRoom.Attestation.Insecure;

/// <summary>The file that holds the sealing key of development. INSECURE: whoever reads the file opens everything.</summary>
[UnsupportedOSPlatform("browser")]
internal sealed class InsecureSealingKeyFile(string directory)
{
    /// <summary>The name says what it is.</summary>
    internal const string FileName = "InsecureSealing.key";

    private readonly string _path = Path.Combine(directory, FileName);

    /// <summary>Returns the key; null when there is no file of exactly 32 bytes. The caller disposes it.</summary>
    public SecretBytes? TryRead()
    {
        try
        {
            using var file = File.OpenRead(_path);
            if (file.Length != AesGcmFormat.KeyBytes)
            {
                return null;
            }

            Span<byte> key = stackalloc byte[AesGcmFormat.KeyBytes];
            file.ReadExactly(key);
            return SecretBytes.Take(key);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Returns the key, and makes one when there is no file. Of several processes at once, one makes it.</summary>
    /// <exception cref="InvalidDataException">There is a file of another length: a new key would lose what the old one sealed.</exception>
    public SecretBytes ReadOrMake()
    {
        if (!File.Exists(_path))
        {
            Make();
        }

        return TryRead() ?? throw new InvalidDataException($"wanted a file of {AesGcmFormat.KeyBytes} bytes named {FileName}; got another length");
    }

    private void Make()
    {
        Directory.CreateDirectory(directory);
        var unfinished = Path.Combine(directory, $"{FileName}.{Guid.NewGuid():n}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var key = SecretBytes.Random(AesGcmFormat.KeyBytes))
            using (var file = new FileStream(unfinished, options))
            {
                file.Write(key.Span);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, _path, overwrite: false);
        }
        catch (IOException) when (File.Exists(_path))
        {
            // Another process was first; its key is the one.
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
