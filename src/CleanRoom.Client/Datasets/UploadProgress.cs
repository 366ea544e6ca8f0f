namespace CleanRoom.Client.Datasets;

/// <summary>How far an upload has come.</summary>
/// <param name="PartsDone">Acknowledged parts.</param>
/// <param name="Parts">All parts.</param>
/// <param name="BytesDone">Plaintext bytes of the acknowledged parts.</param>
/// <param name="Bytes">Plaintext bytes of the source.</param>
public readonly record struct UploadProgress(int PartsDone, int Parts, long BytesDone, long Bytes);
