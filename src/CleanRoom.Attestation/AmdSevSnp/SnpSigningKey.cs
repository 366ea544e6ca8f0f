namespace CleanRoom.Attestation.AmdSevSnp;

/// <summary>Which key signed a report. Spec: AMD 56860, ATTESTATION_REPORT, SIGNING_KEY.</summary>
internal enum SnpSigningKey
{
    /// <summary>The chip's own key, of one TCB version.</summary>
    Vcek = 0,

    /// <summary>A key that AMD leased to a cloud provider, of one TCB version.</summary>
    Vlek = 1,
}
