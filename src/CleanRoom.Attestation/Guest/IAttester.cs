namespace CleanRoom.Attestation.Guest;

/// <summary>Obtains evidence about the machine that this code runs on. Guest only.</summary>
/// <remarks>MUST be safe for concurrent calls. MUST NOT answer from a cache: every call commits to its own report data.</remarks>
public interface IAttester
{
    /// <summary>Gets the name that contracts use for this kind of evidence.</summary>
    string Tee { get; }

    /// <summary>Makes evidence over exactly 64 bytes of report data.</summary>
    /// <exception cref="ArgumentException">The report data is not 64 bytes long.</exception>
    ValueTask<AttesterEvidence> AttestAsync(ReadOnlyMemory<byte> reportData, CancellationToken cancellationToken);
}
