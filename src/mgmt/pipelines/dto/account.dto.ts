import { ApiProperty } from '@nestjs/swagger';

export class AccountDto {
  @ApiProperty({ example: 'admin' })
  id: string;

  @ApiProperty({ example: 'user' })
  type: string;

  @ApiProperty({ description: 'The id when the name is not known', example: 'admin' })
  name: string;
}
