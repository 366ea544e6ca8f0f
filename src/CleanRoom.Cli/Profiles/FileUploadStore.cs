using System.Collections.Immutable;
using CleanRoom.Client.Datasets;
using CleanRoom.Client.Persistence;
using CleanRoom.Protocol;

namespace CleanRoom.Cli.Profiles;

/// <summary>The states of uploads to one room: <c>uploads/UPLOAD.json</c> in the room's folder.</summary>
internal sealed class FileUploadStore(ProfileDirectory profile, string collaboration) : IUploadStore
{
    private const int UploadIdLength = 32;

    private string Folder => Path.Combine(profile.RoomFolder(collaboration), "uploads");

    /// <inheritdoc/>
    public ValueTask<Refusal?> SaveAsync(UploadState state, CancellationToken cancellationToken) => ValueTask.FromResult(
        IsId(state.Upload)
            ? ProfileFiles.Write(Path.Combine(Folder, state.Upload + ".json"), ClientCodec.Encode(state))
            : new Refusal(RefusalCode.UploadUnknown, "an upload of 32 lower-case hex digits", "another"));

    /// <summary>Reads all states that are there; one that cannot be read is a refusal, for it may hold the only self-grant.</summary>
    public Result<ImmutableArray<UploadState>> Load()
    {
        var states = ImmutableArray.CreateBuilder<UploadState>();
        if (Directory.Exists(Folder))
        {
            foreach (var path in Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal))
            {
                if (!ProfileFiles.Read(path, ClientCodec.MaxBytes).Then(bytes => ClientCodec.ParseUpload(bytes)).TryGet(out var state, out var refusals))
                {
                    return ImmutableArray.CreateRange(refusals, refusal => refusal with { Got = $"{refusal.Got} in {path}" });
                }

                states.Add(state);
            }
        }

        return states.ToImmutable();
    }

    private static bool IsId(string upload) =>
        upload.Length == UploadIdLength && upload.All(char.IsAsciiHexDigitLower);
}
