using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace CleanRoom.Attesters.Tpm.Simulator;

/// <summary>A software TPM in a process of its own. INSECURE: it proves nothing about the machine, whose operator can read its keys.</summary>
/// <remarks>Needs the program swtpm. Its state stays in the directory: a later start there is the same TPM after a reset.</remarks>
[SupportedOSPlatform("linux")]
public sealed class InsecureSwTpm : IAsyncDisposable
{
    private const string Program = "swtpm";
    private const int Attempts = 20;

    /// <summary>CMD_SHUTDOWN of swtpm's control channel, big-endian.</summary>
    private static readonly byte[] _shutdown = [0, 0, 0, 3];

    private readonly int _process;

    private InsecureSwTpm(int process, int port) => (_process, Port) = (process, port);

    /// <summary>Gets the port of raw TPM commands on 127.0.0.1. The control channel is the next one, where the TSS looks for it.</summary>
    public int Port { get; }

    /// <summary>Gets the way to it.</summary>
    public TpmEndpoint Endpoint => new(IPAddress.Loopback.ToString(), Port);

    /// <summary>Returns whether the program can be started.</summary>
    public static bool IsInstalled()
    {
        try
        {
            using var process = Start(["--version"]);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (AttesterException)
        {
            return false;
        }
    }

    /// <summary>Starts one and returns when it takes connections.</summary>
    /// <param name="stateDirectory">Made when it is not there. One TPM at a time.</param>
    /// <exception cref="AttesterException">The program is not installed, or does not start.</exception>
    public static async Task<InsecureSwTpm> StartAsync(string stateDirectory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(stateDirectory);
        var pidFile = Path.Combine(stateDirectory, "swtpm.pid");
        var words = string.Empty;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var port = FreePair();

            // As a daemon: its parent ends when both ports listen, or with an error when another took one of them meanwhile.
            using var process = Start(
            [
                "socket", "--tpm2", "--daemon", "--tpmstate", $"dir={stateDirectory}", "--pid", $"file={pidFile}",
                "--server", $"type=tcp,port={port},bindaddr=127.0.0.1", "--ctrl", $"type=tcp,port={port + 1},bindaddr=127.0.0.1",
                "--flags", "not-need-init,startup-clear", "--log", $"file={Path.Combine(stateDirectory, "swtpm.log")},level=1",
            ]);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode == 0)
            {
                var id = int.Parse(await File.ReadAllTextAsync(pidFile, cancellationToken), CultureInfo.InvariantCulture);
                return new InsecureSwTpm(id, port);
            }

            words = await error;
        }

        throw new AttesterException($"{Program}: wanted it to start in {stateDirectory}, got {words.ReplaceLineEndings(" ").Trim()}");
    }

    /// <summary>Ends it, as the loss of power does.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using var process = Process.GetProcessById(_process);
            await ShutDownAsync();
            await process.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It has ended before.
        }
    }

    private async Task ShutDownAsync()
    {
        using var control = new TcpClient();
        await control.ConnectAsync(IPAddress.Loopback, Port + 1);
        await control.GetStream().WriteAsync(_shutdown);
        await control.GetStream().ReadAtLeastAsync(new byte[sizeof(int)], sizeof(int), throwOnEndOfStream: false);
    }

    /// <summary>Returns a port that is free together with the next one. Another process can still be faster: the caller tries again.</summary>
    private static int FreePair()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                using var second = new TcpListener(IPAddress.Loopback, port + 1);
                second.Start();
                return port;
            }
            catch (Exception exception) when (exception is SocketException or ArgumentOutOfRangeException)
            {
                // The neighbour is taken: another pair.
            }
        }
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        }
        catch (Win32Exception exception)
        {
            throw new AttesterException($"{Program}: wanted the program on the path, got none", exception);
        }
    }
}
