using System.Diagnostics;
using System.Runtime.Versioning;
using CleanRoom.Attesters.Tpm;
using CleanRoom.Attesters.Tpm.Simulator;

namespace CleanRoom.TestKit;

/// <summary>A software TPM in a directory of its own, which can lose its power, and which tpm2-tools can be run against.</summary>
[SupportedOSPlatform("linux")]
public sealed class SwTpm : IAsyncDisposable
{
    private readonly DirectoryInfo _directory;
    private InsecureSwTpm _tpm;

    private SwTpm(DirectoryInfo directory, InsecureSwTpm tpm) => (_directory, _tpm) = (directory, tpm);

    /// <summary>Gets why none can be started here; null when one can.</summary>
    public static string? Missing { get; } = InsecureSwTpm.IsInstalled() ? null : "swtpm is not installed (apt-get install swtpm tpm2-tools)";

    /// <summary>Gets a directory for files of the test.</summary>
    public string Directory => _directory.FullName;

    /// <summary>Gets the way to it. Another one after <see cref="RestartAsync"/>.</summary>
    public TpmEndpoint Endpoint => _tpm.Endpoint;

    /// <summary>Starts a new one.</summary>
    public static async Task<SwTpm> StartAsync(CancellationToken cancellationToken)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("cleanroom-swtpm-");
        return new(directory, await InsecureSwTpm.StartAsync(Path.Combine(directory.FullName, "state"), cancellationToken));
    }

    /// <summary>Turns it off and on again.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _tpm.DisposeAsync();
        _tpm = await InsecureSwTpm.StartAsync(Path.Combine(Directory, "state"), cancellationToken);
    }

    /// <summary>Runs one of tpm2-tools against it and flushes what the tool left, since there is no resource manager.</summary>
    /// <param name="line">Program and arguments; none of them has a space in it.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has its words.</exception>
    public async Task<string> ToolAsync(string line, CancellationToken cancellationToken)
    {
        var words = line.Split(' ');
        var output = await RunAsync(words[0], words[1..], cancellationToken);
        await RunAsync("tpm2_flushcontext", ["--transient-object"], cancellationToken);
        return output;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _tpm.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Directory,
            Environment = { ["TPM2TOOLS_TCTI"] = $"swtpm:host=127.0.0.1,port={_tpm.Port}" },
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
    }
}
