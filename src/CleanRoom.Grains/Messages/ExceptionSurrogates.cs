using CleanRoom.Grains.Hosting;
using CleanRoom.Storage;

namespace CleanRoom.Grains.Messages;

/// <summary>A <see cref="StorageException"/> between silos and gateways: whoever catches one behind a call finds its kind. The cause stays where it was.</summary>
[GenerateSerializer]
[Alias("cleanroom.storage-exception")]
internal struct StorageExceptionSurrogate
{
    [Id(0)]
    public StorageFailure Failure;

    [Id(1)]
    public string Message;
}

/// <summary>Converts.</summary>
[RegisterConverter]
internal sealed class StorageExceptionConverter : IConverter<StorageException, StorageExceptionSurrogate>
{
    /// <inheritdoc/>
    public StorageException ConvertFromSurrogate(in StorageExceptionSurrogate surrogate) => new(surrogate.Failure, surrogate.Message, cause: null);

    /// <inheritdoc/>
    public StorageExceptionSurrogate ConvertToSurrogate(in StorageException value) => new() { Failure = value.Failure, Message = value.Message };
}

/// <summary>A <see cref="SilosOnlyException"/> on its way to the client that it refuses.</summary>
[GenerateSerializer]
[Alias("cleanroom.silos-only-exception")]
internal struct SilosOnlyExceptionSurrogate
{
    [Id(0)]
    public string InterfaceName;
}

/// <summary>Converts.</summary>
[RegisterConverter]
internal sealed class SilosOnlyExceptionConverter : IConverter<SilosOnlyException, SilosOnlyExceptionSurrogate>
{
    /// <inheritdoc/>
    public SilosOnlyException ConvertFromSurrogate(in SilosOnlyExceptionSurrogate surrogate) => new(surrogate.InterfaceName);

    /// <inheritdoc/>
    public SilosOnlyExceptionSurrogate ConvertToSurrogate(in SilosOnlyException value) => new() { InterfaceName = value.InterfaceName };
}
