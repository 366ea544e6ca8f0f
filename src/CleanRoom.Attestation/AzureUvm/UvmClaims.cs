using CleanRoom.Attestation.Evidence;

namespace CleanRoom.Attestation.AzureUvm;

/// <summary>Says a verified statement about a utility VM in the words of contracts. Names: contracts/spec/attestation/azure-uvm.md.</summary>
internal static class UvmClaims
{
    /// <summary>Adds <c>uvmIssuer</c>, <c>uvmFeed</c> and the version <c>uvmSvn</c>; nothing where no statement was verified, so that a contract that wants them refuses.</summary>
    public static EvidenceClaims WithUvm(this EvidenceClaims claims, VerifiedUvmEndorsement? uvm) => uvm is null
        ? claims
        : claims with
        {
            Values = claims.Values.SetItem("uvmIssuer", uvm.Issuer.ToString()).SetItem("uvmFeed", uvm.Feed),
            Tcb = claims.Tcb.SetItem("uvmSvn", uvm.GuestSvn),
        };
}
