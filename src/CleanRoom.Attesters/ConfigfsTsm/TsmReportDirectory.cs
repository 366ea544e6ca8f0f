namespace CleanRoom.Attesters.ConfigfsTsm;

/// <summary>The files themselves.</summary>
internal sealed class TsmReportDirectory(string path) : ITsmReportFiles
{
    private const int ChunkBytes = 4_096;

    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public void Make(string entry)
    {
        // In configfs the parent is there already; making it elsewhere would hide that there is no TEE.
        if (!Directory.Exists(path))
        {
            throw new AttesterException($"{path}: wanted a directory for reports, got none");
        }

        Directory.CreateDirectory(Path.Combine(path, entry));
    }

    /// <inheritdoc/>
    public void Write(string entry, string attribute, ReadOnlySpan<byte> value)
    {
        using var file = Open(entry, attribute, FileAccess.Write);
        file.Write(value);
    }

    /// <inheritdoc/>
    public byte[]? Read(string entry, string attribute, int maxBytes)
    {
        try
        {
            // To the end, in pieces: the kernel's attributes do not say their length.
            using var file = Open(entry, attribute, FileAccess.Read);
            using var content = new MemoryStream();
            var chunk = new byte[ChunkBytes];
            while (file.Read(chunk) is > 0 and var read)
            {
                if (content.Length + read > maxBytes)
                {
                    throw new AttesterException($"{path}: wanted at most {maxBytes} bytes of {attribute}, got more");
                }

                content.Write(chunk, 0, read);
            }

            return content.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Remove(string entry) => Directory.Delete(Path.Combine(path, entry));

    // Unbuffered: one write is one value.
    private FileStream Open(string entry, string attribute, FileAccess access) =>
        new(Path.Combine(path, entry, attribute), FileMode.Open, access, FileShare.ReadWrite, bufferSize: 0);
}
