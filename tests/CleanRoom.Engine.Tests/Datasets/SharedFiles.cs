namespace CleanRoom.Engine.Tests.Datasets;

/// <summary>Finds the published files that lie beside the repository and are not committed to it.</summary>
internal static class SharedFiles
{
    /// <summary>Returns the path of a file under <c>shared</c>, or skips the test.</summary>
    public static string Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine([folder.FullName, "shared", .. path]);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip($"the file shared/{string.Join('/', path)} is not beside the repository");
        return "";
    }
}
