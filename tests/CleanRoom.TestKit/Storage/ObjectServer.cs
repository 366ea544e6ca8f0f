using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace CleanRoom.TestKit.Storage;

/// <summary>A server of objects over a folder of its own, on a free port of this machine: s3rver or Azurite, as <c>Servers/package-lock.json</c> says.</summary>
public sealed partial class ObjectServer : IAsyncDisposable
{
    /// <summary>The bucket of the S3 server.</summary>
    public const string Bucket = "cleanroom";

    // What s3rver takes, and no other.
    private const string S3User = "S3RVER";
    private const string AzureAccount = "cleanroom";
    private const int AzureKeyBytes = 64;
    private const int ReadyMinutes = 2;

    private static readonly string _servers = RepositoryFiles.Committed("tests", "CleanRoom.TestKit", "Storage", "Servers");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cleanroom-objects-");
    private readonly string _azureKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(AzureKeyBytes));
    private Process? _process;
    private int _port;

    /// <summary>Gets why none can be started here; null when one can.</summary>
    public static string? Missing => Directory.Exists(Path.Combine(_servers, "node_modules", "azurite"))
        ? null
        : "no object servers are installed (npm ci --prefix tests/CleanRoom.TestKit/Storage/Servers --ignore-scripts)";

    /// <summary>Gets the S3 server's address.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{_port}/");

    /// <summary>Gets a file of credentials that the S3 server takes.</summary>
    public string CredentialsFile => Path.Combine(_folder.FullName, "credentials");

    /// <summary>Gets the connection string of the Azure server's account.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AzureAccount};AccountKey={_azureKey};BlobEndpoint=http://127.0.0.1:{_port}/{AzureAccount};";

    /// <summary>Starts an S3 server. One that heeds no condition is what most S3 servers were until 2024.</summary>
    public static async Task<ObjectServer> StartS3Async(bool isConditional, CancellationToken cancellationToken)
    {
        var server = new ObjectServer();
        await File.WriteAllTextAsync(server.CredentialsFile, $"[default]\naws_access_key_id = {S3User}\naws_secret_access_key = {S3User}\n", cancellationToken);

        // s3rver enciphers the mark of a listing's next page with DES, which OpenSSL 3 keeps among what it no longer offers by itself.
        return await server.StartAsync(["--openssl-legacy-provider", Path.Combine(_servers, "s3.cjs"), server.Objects, isConditional ? "conditional" : "unconditional"], cancellationToken);
    }

    /// <summary>Starts a server of Azure blobs.</summary>
    public static Task<ObjectServer> StartAzureAsync(CancellationToken cancellationToken)
    {
        var server = new ObjectServer();
        return server.StartAsync(
            [
                Path.Combine(_servers, "node_modules", "azurite", "dist", "src", "blob", "main.js"), "--blobHost", "127.0.0.1", "--blobPort", "0",
                "--location", server.Objects, "--disableTelemetry", "--disableProductStyleUrl", "--skipApiVersionCheck",
            ],
            cancellationToken);
    }

    /// <summary>Kills the server without a word to it.</summary>
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Gets the folder in which the server keeps everything.</summary>
    public string Objects => Path.Combine(_folder.FullName, "objects");

    private async Task<ObjectServer> StartAsync(string[] arguments, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Objects);
        _process = Process.Start(new ProcessStartInfo("node", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.FullName,
            Environment = { ["AZURITE_ACCOUNTS"] = $"{AzureAccount}:{_azureKey}" },
        })!;
        var trouble = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(ReadyMinutes));
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (Listening().Match(line) is { Success: true } found)
                {
                    _port = int.Parse(found.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
                    _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                    return this;
                }
            }

            throw new InvalidOperationException($"the object server ended: {await trouble}");
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    [GeneratedRegex(@"listens on (?:http://127\.0\.0\.1:)?(\d+)")]
    private static partial Regex Listening();
}
