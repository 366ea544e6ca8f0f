namespace CleanRoom.TestKit.Storage;

/// <summary>A directory of its own for one test, removed with all content on dispose.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cleanroom-test-");

    /// <summary>Gets the full path.</summary>
    public string Path => _directory.FullName;

    /// <summary>Returns the full path of a name inside.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);
}
