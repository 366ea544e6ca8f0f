using System.Numerics;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace CleanRoom.Engine.Results;

/// <summary>Reads single values of Arrow arrays, exactly.</summary>
internal static class ArrowValues
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns the value in the form that <see cref="EngineType"/> names; null when absent.</summary>
    /// <exception cref="InvalidDataException">The array is not of the column's type, or the value is outside the type's range.</exception>
    public static object? Read(IArrowArray array, EngineColumn column, int row)
    {
        if (row >= array.Length)
        {
            throw new InvalidDataException("wanted as many values as rows; got fewer");
        }

        return array.IsNull(row) ? null : array switch
        {
            BooleanArray values => values.GetValue(row),
            Int8Array values => (long)values.Values[row],
            Int16Array values => (long)values.Values[row],
            Int32Array values => (long)values.Values[row],
            Int64Array values => values.Values[row],
            UInt8Array values => (long)values.Values[row],
            UInt16Array values => (long)values.Values[row],
            UInt32Array values => (long)values.Values[row],
            UInt64Array values => new BigInteger(values.Values[row]),
            Decimal128Array values => Exact(new BigInteger(values.GetBytes(row)), column),
            FloatArray values => (double)values.Values[row],
            DoubleArray values => values.Values[row],
            StringArray values => StrictUtf8.GetString(values.GetBytes(row)),
            BinaryArray values => new ReadOnlyMemory<byte>(values.GetBytes(row).ToArray()),
            Date32Array values => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(values.Values[row])),
            TimestampArray values => Moment(values, row),
            _ => throw new InvalidDataException("wanted a type that runs give; got another"),
        };
    }

    private static object Exact(BigInteger unscaled, EngineColumn column) =>
        column.Type == EngineType.ScaledDecimal ? new ScaledDecimal(unscaled, column.Scale) : unscaled;

    private static DateTime Moment(TimestampArray values, int row)
    {
        var isUtc = ((TimestampType)values.Data.DataType).Timezone is not null;
        var moment = DateTime.UnixEpoch.AddTicks(checked(values.Values[row] * TimeSpan.TicksPerMicrosecond));
        return DateTime.SpecifyKind(moment, isUtc ? DateTimeKind.Utc : DateTimeKind.Unspecified);
    }
}
