using System.Diagnostics.CodeAnalysis;
using CleanRoom.Engine.Running;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace CleanRoom.Engine.Child;

/// <summary>What DuckDB gave, or why it gave nothing.</summary>
internal readonly record struct EngineReply<T>(T? Value, EngineFailure? Failure)
{
    /// <summary>Succeeds.</summary>
    public static EngineReply<T> Of(T value) => new(value, null);

    /// <summary>Fails with DuckDB's text, which may hold row values.</summary>
    public static EngineReply<T> From(DuckDBException exception) =>
        new EngineFailure(exception.ErrorType == DuckDBErrorType.OutOfMemory ? EngineFailureKind.Memory : EngineFailureKind.Sql, exception.Message);

    /// <summary>Fails.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "The constructor is the named form.")]
    public static implicit operator EngineReply<T>(EngineFailure failure) => new(default, failure);
}
