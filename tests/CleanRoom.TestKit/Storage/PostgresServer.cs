using System.Diagnostics;

namespace CleanRoom.TestKit.Storage;

/// <summary>A PostgreSQL server over a cluster of its own, reached by a socket in a folder: no port, no password, nobody else.</summary>
/// <remarks>PostgreSQL does not run as root: there it runs as the user <c>postgres</c>, which the package makes.</remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    private const int ReadyMinutes = 2;

    private static readonly string? _programs = Programs();

    private readonly DirectoryInfo _folder;
    private Process? _process;

    private PostgresServer(DirectoryInfo folder) => _folder = folder;

    /// <summary>Gets why none can be started here; null when one can.</summary>
    public static string? Missing => _programs is null ? "no PostgreSQL server is installed (apt-get install postgresql)" : null;

    /// <summary>Gets how to connect to it.</summary>
    public string ConnectionString => $"Host={_folder.FullName};Username=postgres;Database=postgres";

    /// <summary>Gets the folder of the cluster's files.</summary>
    public string DataDirectory => Path.Combine(_folder.FullName, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Makes a cluster and starts a server over it.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <param name="settings">Such as <c>fsync=off</c>.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message has its words.</exception>
    public static Task<PostgresServer> StartAsync(CancellationToken cancellationToken, params string[] settings) =>
        StartOnAsync(Directory.CreateTempSubdirectory("cleanroom-postgres-"), cancellationToken, settings);

    /// <summary>Makes a cluster in a folder, which is deleted with it, and starts a server over it.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has its words.</exception>
    public static async Task<PostgresServer> StartOnAsync(DirectoryInfo folder, CancellationToken cancellationToken, params string[] settings)
    {
        var server = new PostgresServer(folder);
        try
        {
            if (IsRoot)
            {
                await RunAsync("chown", ["postgres", server._folder.FullName], cancellationToken);
            }

            await RunAsync(Program("initdb"), ["-D", server.DataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], cancellationToken);
            await server.StartAgainAsync(cancellationToken, settings);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gets a value that says whether the server has ended by itself.</summary>
    public bool HasEnded => _process is { HasExited: true };

    /// <summary>Kills the server with all its processes, as a power cut would, without a word to it.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }

    /// <summary>Starts a server that was killed; it recovers from its log.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken, params string[] settings)
    {
        var start = Start(Program("postgres"), ["-D", DataDirectory, "-k", _folder.FullName, "-c", "listen_addresses=", .. settings.SelectMany(one => (string[])["-c", one])]);
        _process = Process.Start(start)!;
        var said = _process.StandardError;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(ReadyMinutes));
        for (var words = string.Empty; ;)
        {
            var line = await said.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"postgres ended: {words}");
            words += line + "\n";
            if (line.Contains("ready to accept connections", StringComparison.Ordinal))
            {
                _ = said.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    private static string? Programs() => new[] { "/usr/lib/postgresql", "/opt/homebrew/opt/postgresql" }.Where(Directory.Exists)
        .SelectMany(folder => Directory.GetDirectories(folder, "bin", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal)
        .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")));

    private static string Program(string name) => Path.Combine(_programs ?? throw new InvalidOperationException(Missing), name);

    private static ProcessStartInfo Start(string program, string[] arguments)
    {
        var isServer = IsRoot && program.StartsWith('/');
        return new(isServer ? "setpriv" : program, isServer ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["LC_ALL"] = "C" },
        };
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Start(program, arguments))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        _ = await output;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
        }
    }
}
