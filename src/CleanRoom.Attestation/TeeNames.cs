namespace CleanRoom.Attestation;

/// <summary>Names of kinds of evidence that the appraisal treats in a way of their own.</summary>
public static class TeeNames
{
    /// <summary>The simulated TEE of development: it proves nothing about the machine.</summary>
    public const string Simulated = "simulated";
}
