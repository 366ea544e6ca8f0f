using CleanRoom.TestKit;

namespace CleanRoom.Attesters.Tests.Support;

/// <summary>Starts a software TPM, or skips the test where none is installed. In CI its absence is a failure.</summary>
internal static class RealTpm
{
    public static async Task<SwTpm> StartAsync()
    {
        if (SwTpm.Missing is { } reason && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip(reason);
        }

        return await SwTpm.StartAsync(TestContext.Current.CancellationToken);
    }
}
