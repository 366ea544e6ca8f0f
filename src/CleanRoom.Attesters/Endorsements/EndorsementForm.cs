namespace CleanRoom.Attesters.Endorsements;

/// <summary>The form in which a maker answers.</summary>
public enum EndorsementForm
{
    /// <summary>Never used.</summary>
    None = 0,

    /// <summary>One certificate in DER.</summary>
    Certificate = 1,

    /// <summary>Certificates in PEM, nearest first.</summary>
    CertificateChain = 2,

    /// <summary>A revocation list in DER.</summary>
    RevocationList = 3,

    /// <summary>Signed JSON.</summary>
    Collateral = 4,

    /// <summary>Azure's JSON around the certificates of a chip in PEM; kept as those certificates.</summary>
    AzureCertification = 5,
}
