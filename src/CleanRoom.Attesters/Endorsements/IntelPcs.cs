using CleanRoom.Protocol;

namespace CleanRoom.Attesters.Endorsements;

/// <summary>Questions to Intel's Provisioning Certification Service, or to Azure's cache of it. Spec: Intel PCS API, version 4.</summary>
public sealed class IntelPcs
{
    internal const string Host = "api.trustedservices.intel.com";
    internal const string CertificatesHost = "certificates.trustedservices.intel.com";
    internal const string AzureHost = "global.acccache.azure.net";

    private const int FmspcBytes = 6;

    private readonly string _host;

    private IntelPcs(string host) => _host = host;

    /// <summary>Gets Intel itself.</summary>
    public static IntelPcs Intel { get; } = new(Host);

    /// <summary>Gets Azure's cache, which machines in Azure reach. It has the same addresses; the root's list is Intel's.</summary>
    public static IntelPcs Azure { get; } = new(AzureHost);

    /// <summary>Gets the question for the list of what Intel's root revoked.</summary>
    public static EndorsementRequest RootRevocationList { get; } = new()
    {
        Name = "intel-root-crl",
        Address = new($"https://{CertificatesHost}/IntelSGXRootCA.der"),
        Form = EndorsementForm.RevocationList,
    };

    /// <summary>Asks for the TCB levels of a platform.</summary>
    /// <param name="fmspc">6 bytes, from the PCK certificate.</param>
    /// <returns>The request, or <see cref="RefusalCode.DocumentInvalid"/>.</returns>
    public Result<EndorsementRequest> TcbInfo(IntelTee tee, ReadOnlySpan<byte> fmspc) => fmspc.Length == FmspcBytes
        ? Collateral(tee, "tcb-info", $"tcb?fmspc={Convert.ToHexString(fmspc)}", "TCB-Info-Issuer-Chain")
        : new Refusal(RefusalCode.DocumentInvalid, $"an fmspc of {FmspcBytes} bytes", $"{fmspc.Length} bytes");

    /// <summary>Asks for the identity of the quoting enclave.</summary>
    public EndorsementRequest QeIdentity(IntelTee tee) => Collateral(tee, "qe-identity", "qe/identity", "SGX-Enclave-Identity-Issuer-Chain");

    /// <summary>Asks for the list of revoked PCK certificates, in DER. It is one for SGX and TDX.</summary>
    public EndorsementRequest PckRevocationList(IntelPckIssuer issuer)
    {
        var name = issuer switch
        {
            IntelPckIssuer.Platform => "platform",
            IntelPckIssuer.Processor => "processor",
            _ => throw new ArgumentOutOfRangeException(nameof(issuer), issuer, "wanted an authority"),
        };
        return new EndorsementRequest
        {
            Name = $"intel-pck-{name}-crl",
            Address = new($"https://{_host}/sgx/certification/v4/pckcrl?ca={name}&encoding=der"),
            Form = EndorsementForm.RevocationList,
            IssuerChainHeader = "SGX-PCK-CRL-Issuer-Chain",
            MaxBytes = 1024 * 1024,
        };
    }

    private EndorsementRequest Collateral(IntelTee tee, string name, string rest, string header)
    {
        var kind = tee switch
        {
            IntelTee.Sgx => "sgx",
            IntelTee.Tdx => "tdx",
            _ => throw new ArgumentOutOfRangeException(nameof(tee), tee, "wanted a kind of guest"),
        };
        return new EndorsementRequest
        {
            Name = $"intel-{kind}-{name}",
            Address = new($"https://{_host}/{kind}/certification/v4/{rest}"),
            Form = EndorsementForm.Collateral,
            IssuerChainHeader = header,
        };
    }
}
