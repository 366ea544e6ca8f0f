namespace CleanRoom.Node.Configuration;

/// <summary>How a node uses a TPM, where the machine's TEE is one or has one.</summary>
public sealed class TpmOptions
{
    /// <summary>Gets the TCP port at which raw commands are taken, as a software TPM does; null for the kernel's device.</summary>
    /// <value>HOST:PORT. Default null: <c>/dev/tpmrm0</c>.</value>
    public string? Endpoint { get; init; }

    /// <summary>Gets the PCRs of the SHA-256 bank that are quoted and sealed to; null for the default of contracts/spec/0006 s.9.</summary>
    /// <value>Different numbers of 0 to 23. Default null: 0 to 9 and 11 to 14.</value>
    public IReadOnlyList<int>? Pcrs { get; init; }

    /// <summary>Gets the files of the certificates above the TPM's attestation certificate, DER, nearest first.</summary>
    /// <value>Paths. Default none.</value>
    public IReadOnlyList<string> Issuers { get; init; } = [];

    /// <summary>Returns host and port; null when the text is not one.</summary>
    public static (string Host, int Port)? ParseEndpoint(string endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var colon = endpoint.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(endpoint[(colon + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port)
            && port > 0
            ? (endpoint[..colon], port)
            : null;
    }
}
