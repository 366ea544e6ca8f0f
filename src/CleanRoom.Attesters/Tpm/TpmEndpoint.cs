using System.Net.Sockets;
using CleanRoom.Attesters.Tpm.Wire;

namespace CleanRoom.Attesters.Tpm;

/// <summary>A TPM that takes its raw commands on a TCP port, as swtpm does.</summary>
/// <remarks>Nothing authenticates the other end: whoever listens there answers, and its quotes are worth what its key is worth.</remarks>
public sealed class TpmEndpoint(string host, int port) : ITpmTransport
{
    /// <inheritdoc/>
    public string Name => $"{host}:{port}";

    /// <inheritdoc/>
    public async ValueTask<ITpmConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(host, port, cancellationToken);
            return new TpmStreamConnection(client.GetStream(), Name);
        }
        catch (SocketException exception)
        {
            client.Dispose();
            throw new AttesterException($"{Name}: wanted a tpm that takes connections, got none", exception);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
