using CleanRoom.Protocol;

namespace CleanRoom.Client.Datasets;

/// <summary>Takes a sealed part: sends it, or writes it to a folder.</summary>
/// <param name="index">From 0.</param>
/// <param name="sealedPart">Valid during the call.</param>
/// <param name="cancellationToken">Stops the taking.</param>
/// <returns>The SHA-256 of the sealed bytes once they are safe, or why they are not.</returns>
public delegate Task<Result<Digest>> SealedPartSink(int index, ReadOnlyMemory<byte> sealedPart, CancellationToken cancellationToken);
