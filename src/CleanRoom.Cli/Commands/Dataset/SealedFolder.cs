using CleanRoom.Cli.Hosting;
using CleanRoom.Cli.Profiles;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Persistence;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Commands.Dataset;

/// <summary>A folder of sealed parts: <c>upload.json</c> and a file for each part, named by its number. Ciphertext only.</summary>
internal sealed class SealedFolder(DirectoryInfo folder) : IUploadStore
{
    // 8 MiB with header and tags.
    private const int MaxPartBytes = (8 << 20) + (16 << 10);

    /// <summary>Gets a value that says whether the folder has a state already, readable or not.</summary>
    public bool IsBegun => Path.Exists(StateFile);

    /// <inheritdoc/>
    public ValueTask<Refusal?> SaveAsync(UploadState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult(ProfileFiles.Write(StateFile, ClientCodec.Encode(state)));

    /// <summary>Reads the state that the parts belong to.</summary>
    public Result<UploadState> Load() =>
        InputFiles.Read(new FileInfo(StateFile), ClientCodec.MaxBytes).Then(bytes => InputFiles.Named(new FileInfo(StateFile), ClientCodec.ParseUpload(bytes)));

    /// <summary>Reads the state, which must be of this dataset: the folder may hold the only key of another's parts, so it is never begun anew.</summary>
    public Result<UploadState> Load(string collaboration, string owner, string dataset) => Load().Then<UploadState>(state =>
        (state.Collaboration, state.Owner, state.Dataset) == (collaboration, owner, dataset)
            ? state
            : new Refusal(
                RefusalCode.UploadUnknown,
                $"a new folder, or one with {dataset} of {owner} for room {collaboration}",
                $"{state.Dataset} of {state.Owner} for room {state.Collaboration} in {StateFile}"));

    /// <summary>Writes a sealed part.</summary>
    public Task<Result<Digest>> WriteAsync(int index, ReadOnlyMemory<byte> sealedPart, CancellationToken cancellationToken) => Task.FromResult<Result<Digest>>(
        ProfileFiles.Write(PartFile(index), sealedPart.Span) is { } notWritten ? notWritten : Digest.Of(sealedPart.Span));

    /// <summary>Reads a sealed part.</summary>
    public Task<Result<ReadOnlyMemory<byte>>> ReadAsync(int index, CancellationToken cancellationToken) => Task.FromResult(
        InputFiles.Read(new FileInfo(PartFile(index)), MaxPartBytes).Then(bytes => Result.Accept<ReadOnlyMemory<byte>>(bytes)));

    private string StateFile => Path.Combine(folder.FullName, "upload.json");

    private string PartFile(int index) => Path.Combine(folder.FullName, $"{index:D6}.part");
}
