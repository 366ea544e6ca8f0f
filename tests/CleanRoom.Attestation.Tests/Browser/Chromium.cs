using System.Diagnostics;

namespace CleanRoom.Attestation.Tests.Browser;

/// <summary>Headless Chromium. Where it is not installed, tests skip with the reason, except in CI, where they fail.</summary>
internal static class Chromium
{
    private static readonly string? s_path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Skips the test, or fails it in CI, when there is no browser.</summary>
    public static void Require()
    {
        Assert.SkipWhen(s_path is null && Environment.GetEnvironmentVariable("CI") != "true", "chromium is not installed");
        s_path.Should().NotBeNull("CI installs chromium");
    }

    /// <summary>Opens a page in a fresh profile.</summary>
    public static Process Open(Uri page, string profile)
    {
        var start = new ProcessStartInfo(s_path!) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", $"--user-data-dir={profile}", page.AbsoluteUri])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("chromium did not start");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }
}
