namespace CleanRoom.Storage.Objects;

/// <summary>An object in a listing.</summary>
public readonly record struct ObjectInfo(ObjectName Name, long LengthBytes);
